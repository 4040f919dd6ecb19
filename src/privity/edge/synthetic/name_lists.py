"""Name lists we compiled ourselves from common knowledge, one text a list, commonest names first.

Faker has no romanised list for these traditions, or only a few names (docs/reference/synthetic-data.md).
"""

WELSH_FAMILY = """
Jones Williams Davies Evans Thomas Roberts Lewis Hughes Morgan Griffiths Edwards Owen James Rees Price
Morris Richards Lloyd Phillips Parry Powell Jenkins Bowen Howells Vaughan Pritchard Watkins Gwynne Llewellyn
Meredith Probert Pugh Prosser Cadwallader Beynon Ellis Hopkins Humphreys Bevan Gethin Tudor Maddocks Mostyn
Penry
"""
WELSH_FEMALE = """
Megan Sian Rhian Carys Bethan Angharad Ffion Catrin Nia Elin Lowri Eleri Gwen Mair Delyth Heledd Branwen
Cerys Mari Seren Efa Alys Non Gwenllian Rhiannon Bronwen Olwen Eirlys Dilys Glenys Myfanwy Susan Margaret
Sarah Emma
"""
WELSH_MALE = """
Dafydd Rhys Gareth Huw Owain Gethin Ieuan Iwan Llyr Emyr Gwyn Geraint Dylan Aled Rhodri Hywel Trefor Alun
Eirian Osian Macsen Iolo Gruffydd Tomos Steffan Ifan David John Mark Paul Andrew Emlyn Idris Meirion Elfed
Wyn
"""
CARIBBEAN_FAMILY = """
Campbell Williams Brown Francis Clarke Thompson Grant Gordon Reid Palmer Lewis Henry Bailey Johnson Powell
Morgan Blake Barrett Wright Lawrence Beckford Bennett Gayle Lindo McKenzie Charles Joseph Baptiste Pierre
Alleyne Braithwaite Hinds Holder Greenidge Walcott Sobers Bryan Dacosta Samuels Facey Pinnock Bogle Sealy
Cumberbatch Agard Daley Ennis
"""
PAKISTANI_MALE = """
Muhammad Mohammed Ali Ahmed Imran Usman Hassan Bilal Asif Tariq Shahid Adnan Kashif Faisal Zahid Nadeem
Rashid Javed Khalid Waqas Hamza Umar Abdul Arshad Naveed Saeed Amir Yasir Zeeshan Junaid Shoaib Iqbal Ghulam
Sajid Wasim Rizwan Haroon Ibrahim Yusuf Zubair Akram Mubashir Tahir Aamir Danish Fahad Haider Kamran Liaqat
Mahmood Pervez
"""
PAKISTANI_FEMALE = """
Fatima Ayesha Nasreen Shazia Saima Sadia Rukhsana Samina Zainab Maryam Shabana Nazia Farzana Rubina Tahira
Parveen Shaheen Yasmin Kiran Uzma Amina Hina Sana Noreen Naila Bushra Ghazala Khadija Mehwish Humaira Iqra
Robina Zahida Asma Aneela Fozia Kausar Misbah Nosheen Rabia Safia Sumaira Tasleem Zarina Aroosa Bilqis Farah
Hafsa Javeria
"""
PAKISTANI_SECOND_MALE = """
Khan Hussain Ahmed Ali Iqbal Mahmood Akhtar Shah Malik Butt Mirza Chaudhry Sheikh Qureshi Aslam Rafiq Anwar
Afzal Raja Bhatti Javed Khalid Siddiqui Hashmi Abbasi Baig Dar Rehman Younis Zaman Yousaf Riaz Saleem Latif
Nawaz Akram Bashir Farooq Ghani Hanif Ilyas Jamil Karim Munir Nazir Rauf Sarwar Tufail Waheed Zafar Arif
Ashraf Aziz Din
"""
PAKISTANI_SECOND_FEMALE = """
Bibi Begum Akhtar Khan Parveen Kauser Bano Khatoon Jabeen Kousar Malik Shah Hussain Iqbal Ahmed Ali Nisa Naz
Riaz Mahmood Sultana Perveen Fatima Butt Mirza Sheikh Qureshi Khanum Gul Jan Shaheen Yasmeen Zaman Aslam
Saleem Rani
"""
BANGLADESHI_MALE = """
Mohammed Abdul Md Shah Syed Abul Rafiqul Shafiqul Kamrul Nazrul Jahangir Aminul Saiful Anwar Habibur Mizanur
Mahbub Shahin Rashed Faruk Jamal Kamal Monir Alamgir Badrul Delwar Enamul Faisal Giasuddin Iqbal Jubair
Khaled Lutfur Mofizul Nurul Ruhul Sohel Tareq Zahirul Ziaur Ashraful Belal Harun Masud Motiur Shamsul Tanvir
Rahat
"""
BANGLADESHI_FEMALE = """
Fatema Rahima Shirin Nasima Rokeya Salma Hasina Ayesha Jahanara Momtaz Rashida Sufia Taslima Nargis Shahida
Amena Halima Jasmin Khadiza Lutfa Monwara Nazma Parvin Rabeya Sabina Shamima Sultana Tahmina Yasmin Zakia
Farhana Rehana Rina Shapna Rumena Aklima Dilara Farida Hosneara Kulsuma Luthfa Mahmuda Nilufa Rubi Ruksana
Sajeda
"""
BANGLADESHI_SECOND_MALE = """
Miah Uddin Ali Islam Rahman Hussain Hoque Ahmed Choudhury Khan Alam Karim Haque Kamal Chowdhury Hossain Mia
Malik Ullah Khalique Mannan Matin Motin Muhit Noor Quddus Rob Salam Sattar Shahid Talukdar Wahid Bari Basit
Hannan
"""
BANGLADESHI_SECOND_FEMALE = """
Begum Khatun Bibi Akter Khanom Sultana Islam Choudhury Ahmed Rahman Nessa Ali Hussain Parvin Banu Khan Uddin
Jahan Khanam Miah Chowdhury Yesmin Aktar Nahar Ara Sarkar
"""
PUNJABI_GIVEN = """
Gurpreet Harpreet Manpreet Jaspreet Kuldeep Baljit Sukhdev Amarjit Balwinder Daljit Gurdeep Harjinder
Hardeep Inderjit Jagdeep Jaswinder Kamaljit Kulwinder Lakhbir Mandeep Mohinder Narinder Paramjit Parminder
Ranjit Rajinder Rupinder Sandeep Satnam Simran Sukhjit Sukhwinder Surinder Surjit Tejinder Varinder Amrit
Arjan Avtar Jasleen Navdeep Pavandeep Amandeep Charanjit Dilpreet Gurmeet Harbhajan Jasbir Joginder Karamjit
Lakhwinder Manjit Nirmal
"""
PUNJABI_FAMILY = """
Singh Kaur Gill Sandhu Sidhu Dhillon Grewal Bains Dhaliwal Johal Sahota Atwal Uppal Virk Brar Chahal Cheema
Dosanjh Hayer Kang Mann Purewal Randhawa Rai Sangha Sohal Takhar Toor Bhogal Panesar Matharu Birdi Bansal
Ghuman Nijjar
"""
TAMIL_MALE = """
Sivakumar Ramesh Suresh Karthik Murugan Kumar Rajan Selvam Ganesh Senthil Balasubramaniam Chandran Jeyakumar
Kandasamy Krishnan Mahendran Nadarajah Paramanathan Ravindran Sathasivam Shanmugam Sivananthan Sriharan
Thavarajah Vijayakumar Yogeswaran Arulanandam Baskaran Devarajan Elango Gnanasekaram Ilango Jeevan Kugan
Logan Mohan Naguleswaran Pirapakaran Rasiah Sinnathamby Tharmalingam Uthayakumar Velmurugan Anandan
Kanagaratnam Ratnam Selvarajah Thurairajah
"""
TAMIL_FEMALE = """
Lakshmi Priya Meena Kavitha Shanthi Vasanthi Malathi Rajeswari Sivagowri Thilaga Uma Vijaya Yogeswary Anitha
Bhavani Chitra Devika Gowri Indra Jeyanthi Kala Latha Mala Nalini Pushpa Radha Saraswathy Sumathi Thayalini
Vathani Arulmathy Kamala Kokila Leela Mathuri Nithya Parvathy Ranjini Selvi Subashini Tharani Vanitha
Abirami Dharshini Inthuja
"""
ARABIC_MALE = """
Mohamed Ahmed Ali Hassan Hussein Omar Khaled Mahmoud Ibrahim Youssef Mustafa Abdullah Karim Samir Tariq
Walid Nabil Faisal Hamza Bilal Ziad Rami Bassam Adel Ashraf Ayman Fadi Ghassan Hisham Ismail Jamal Kamal
Majid Nasser Osama Qasim Rashid Saleh Sami Tamer Wael Yasin Yahya Abdelrahman Anas Emad Hani Imad Mazen
Munir Raed Saad Salim Usama Zaid
"""
ARABIC_FEMALE = """
Fatima Aisha Mariam Nour Sara Layla Hana Amal Rania Salma Yasmin Zainab Khadija Huda Iman Noura Samira Dina
Farah Ghada Hiba Jamila Karima Lina Maha Nadia Rana Reem Sahar Suad Wafa Zahra Abeer Asma Dalal Eman Faten
Hanan Intisar Kawthar Lubna Manal Nawal Rasha Safa Sawsan Shaima Suhair Tahani Widad Rim Amira Basma
"""
ARABIC_FAMILY = """
Al-Hassan Al-Rashid Haddad Khoury Mansour Nasser Saleh Al-Jabari Al-Masri Aziz Darwish El-Sayed Farouk
Ghanem Habib Hamdan Hijazi Ibrahim Issa Jaber Kassem Khalil Al-Najjar Mahmoud Maalouf Mustafa Nassar Odeh
Qassim Rahal Sabbagh Salem Sayegh Shaheen Suleiman Taha Tamimi Yassin Zayed Al-Tikriti Al-Obaidi Bouazza
Benali Boudjema Cherif Amrani Bennani El-Idrissi Hamidi Ziani Belkacem Mansouri Othman Ramadan Abdallah Awad
Barakat Al-Sharif Al-Dulaimi
"""
CHINESE_FAMILY = """
Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Song
Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao Lin
Zhong Cui
"""
CHINESE_SYLLABLES = """
Wei Fang Xiu Min Jing Li Qiang Lei Jun Yang Yong Yan Jie Juan Tao Ming Chao Xia Ping Gang Hui Hong Yu Xin Bo
Hao Yi Ting Jia Chen Zi Han Rui Xuan Ying Lan Mei Hua Qing Zhen Feng Guang Jian Kai Long Ning Peng Qi Rong
Shan
"""
HONG_KONG_FAMILY = """
Chan Wong Lee Cheung Lau Leung Ng Cheng Ho Lam Tang Yeung Chow Tsang Chiu Kwok Mak Poon Fung Yip Kwan Tse
Yuen Hui Lai Chung Lo Tam Siu Lui Ip Au Chu Szeto Kong Tsui Liu Kwong Man Tong Fong Wan So To Yiu
"""
HONG_KONG_SYLLABLES = """
Wai Ming Kit Ka Chi Man Yan Ho Lok Tsz Hoi Ying Wing Suet Yuk Siu Chun Hin Kwok Shun Fai Keung Lai Mei Ping
Sze Tak Tung Yin Yiu Chung Fung Hang Hei Kei Kin Kwan Lam Long Nga Pui Sum Wah Yat Yee Chak
"""
IGBO_EXTRA = """
Okonkwo Nwosu Eze Okeke Okafor Nwachukwu Obi Onyeka Okoro Nnamdi Chukwu Uche Agu Anyanwu Azikiwe Ekwueme Ibe
Igwe Madu Mbah Ndukwe Nwankwo Nweke Obiora Odili Ofor Okpara Onuoha Onwuka Opara Orji Osuji Udeh Ugwu Umeh
Uzor Ezeani
"""
POLISH_FAMILY = """
Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski
Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski
Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk
Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski
Pietrzak Zalewski Wróblewski Marciniak Jasiński Zawadzki Bąk Jakubowski Sadowski Duda Włodarczyk Wilk
Chmielewski Borkowski Sokołowski Szczepański Sawicki Kucharski Lis Kubiak Kalinowski Mazurek Wysocki
Maciejewski Czarnecki Kołodziej Urban Kaźmierczak Sobczak
"""
POLISH_FEMALE = """
Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena Joanna Aleksandra Monika
Zofia Teresa Natalia Julia Karolina Marta Beata Dorota Danuta Halina Irena Jadwiga Patrycja Justyna Renata
Grażyna Iwona
"""
ROMANIAN_FAMILY = """
Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Matei Ciobanu Rusu Constantin Munteanu Lazăr Moldovan
Florea Marin Dinu Ungureanu Tudor Serban Nistor Barbu Cristea Neagu Oprea Sandu Vasile Toma Mocanu Preda
Avram Dragomir Enache Filip Georgescu Iordache Manole Nicolae Olaru Petcu Rotaru Suciu Tănase Voicu Zamfir
Bălan Ene Croitoru Diaconu Grigore Lungu Mihai Negrea Păun Roman Șerban Țurcanu Vlad Anghel Bucur Ardelean
Chirilă Dobre
"""
TURKISH_FAMILY = """
Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç
Kurt Özkan Şimşek Polat Korkmaz Özcan Çakır Erdoğan Güneş Aksoy Bulut Tekin Avcı Işık Keskin Turan Ünal Gül
Coşkun Uçar Acar Güler Yalçın Duman Bozkurt Taş Sarı Ateş Karaca Toprak Uysal Duran Karataş Ekinci Baran
Soylu
"""
VIETNAMESE_FAMILY = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lâm Mai Đào Trương Hà Cao
"""
VIETNAMESE_SYLLABLES = """
Hương Lan Linh Mai Ngọc Hồng Thu Phương Trang Thảo Hạnh Nga Oanh Yến Dung Hoa Anh Minh Tuấn Hùng Dũng Nam
Long Quang Thành Đức Hải Sơn Tùng Huy Khoa Bảo Kiên Phúc Thắng Trung Việt Kim Bích Diệu Tâm An Bình Châu Đạt
"""
SOMALI_MALE = """
Mohamed Ahmed Abdi Ali Hassan Hussein Omar Ibrahim Yusuf Abdullahi Ismail Osman Abdirahman Mohamud Farah
Jama Warsame Abdikadir Abdirashid Adan Aden Bashir Barre Dahir Duale Elmi Guled Hersi Issa Khalif Liban
Mahad Mukhtar Mursal Nur Said Salad Sharif Shire Siad Sugule Yasin Zakaria Abshir Awil Bile Dirie Gedi Idris
Kahin
"""
SOMALI_FEMALE = """
Fadumo Amina Halima Khadija Asha Hodan Ifrah Sahra Maryan Nimco Faisa Hibo Ayaan Idil Ladan Muna Naima Nasra
Qamar Raho Rahma Sagal Samira Shukri Suad Ubah Warsan Yasmin Zahra Zamzam Bisharo Canab Deeqa Farhia Habiba
Hawa Hani Ikran Jamila Kaltun Luul Madina Najma Roda Safiya Sucdi Xaawo
"""
ERITREAN_MALE = """
Abraham Tesfay Haile Yohannes Mehari Berhane Daniel Solomon Tekle Kidane Ghebre Asmerom Bereket Dawit Ermias
Eyob Filmon Habtom Isaias Kibrom Kiflom Merhawi Mulugeta Natnael Okbay Petros Robel Samuel Semere Teklay
Temesgen Tewelde Weldu Yemane Yonas Zekarias Amanuel Araya Biniam Efrem Fessehaye Girmay Hagos Henok Issac
Mebrahtu Negash Tsegay
"""
ERITREAN_FEMALE = """
Selam Helen Rahel Ruta Saba Senait Tsega Winta Yordanos Abeba Almaz Aster Azeb Bethlehem Bisrat Eden Elsa
Feven Freweini Genet Hanna Hirut Kisanet Lemlem Letebrhan Luwam Mebrat Mehret Milena Mulu Natsnet Nigisti
Rigat Semhar Tigist Tirhas Tsion Weini Yodit Zaid Zebib Lula Meron Miriam Salem
"""
AFGHAN_MALE = """
Mohammad Ahmad Abdul Ali Gul Hamid Najib Farid Jawid Karim Khalid Mirwais Nasir Omid Rahim Reza Sayed Shah
Wali Zabi Zalmay Aimal Asad Aziz Bashir Fawad Ghulam Habib Hashmat Idris Ismail Jamshid Latif Mahmood
Mansoor Mustafa Naveed Obaid Qais Rafi Rohullah Samim Sharif Tariq Waheed Yama Zaher Ezatullah Ehsanullah
Hayatullah Najibullah Sifatullah
"""
AFGHAN_FEMALE = """
Fatima Zahra Maryam Nargis Parwin Shabnam Laila Farzana Freshta Gulalai Habiba Hosna Khatera Latifa Malalai
Marzia Masuda Nadia Najiba Nasima Palwasha Rabia Razia Roya Sadaf Sahar Sakina Shakila Shaista Shukria Sima
Soraya Spozhmai Tahira Wahida Yalda Zakia Zarghona Zohra Benafsha Deeba Friba Hasiba
"""
AFGHAN_FAMILY = """
Ahmadi Mohammadi Rahimi Karimi Hashimi Noori Amiri Azizi Haidari Hussaini Ibrahimi Jafari Khan Mohseni
Nazari Popal Qaderi Rasuli Rezai Sadat Safi Sharifi Stanikzai Sultani Wardak Yousufzai Zadran Zahir Zazai
Barakzai Durrani Hakimi Hotak Jabarkhel Miakhel Momand Nabizada Niazi Omari Samadi Shinwari Tajik Tokhi
Yaqubi
"""
IRANIAN_MALE = """
Mohammad Ali Hossein Reza Mehdi Amir Hassan Saeed Majid Hamid Ahmad Behzad Farhad Kamran Kaveh Mahmoud
Masoud Mostafa Nader Omid Parviz Ramin Shahram Siavash Soheil Vahid Arash Babak Bahram Bijan Dariush Ehsan
Farzad Hooman Iman Javad Keyvan Mansour Navid Pouya Sina Yashar
"""
IRANIAN_FEMALE = """
Fatemeh Zahra Maryam Sara Narges Leila Mina Nasrin Parisa Shirin Mahsa Azadeh Bahar Elham Farideh Golnaz
Haleh Jaleh Kimia Ladan Mahnaz Nazanin Niloufar Pari Roya Sahar Samaneh Shadi Simin Soraya Tahereh Yasaman
Zohreh Anahita Arezou Donya Ghazal Hengameh Mitra Mojgan Negar Setareh
"""
IRANIAN_FAMILY = """
Mohammadi Hosseini Ahmadi Rezaei Karimi Moradi Jafari Hashemi Kazemi Rahimi Ebrahimi Ghasemi Sadeghi Mousavi
Akbari Alavi Amini Asadi Bagheri Bahrami Davoudi Esfahani Farahani Fathi Ghorbani Heidari Jalali Khosravi
Lotfi Maleki Mansouri Naderi Nazari Norouzi Pahlavan Rostami Salehi Shahbazi Shirazi Soltani Tabrizi Tehrani
Yazdani Zamani Zand
"""
LITHUANIAN_FAMILY = """
Kazlauskas Petrauskas Jankauskas Stankevičius Vasiliauskas Butkus Žukauskas Paulauskas Urbonas Kavaliauskas
Navickas Ramanauskas Rimkus Balčiūnas Savickas Baranauskas Sakalauskas Mikalauskas Pocius Šimkus Adomaitis
Bartkus Černiauskas Daukša Gudas Ivanauskas Jasaitis Klimas Lukošius Mažeika Norkus Petraitis Račkauskas
Sabaliauskas Tamošaitis Vaitkus
"""
LITHUANIAN_MALE = """
Jonas Tomas Lukas Mantas Darius Mindaugas Andrius Vytautas Rimantas Saulius Gintaras Marius Paulius Arūnas
Donatas Edgaras Giedrius Ignas Justinas Karolis Linas Martynas Nerijus Povilas Rokas Tadas Valdas Žilvinas
Algirdas Kęstutis
"""
LITHUANIAN_FEMALE = """
Rasa Daiva Jurgita Inga Lina Rita Asta Vilma Kristina Laura Eglė Ieva Gintarė Simona Viktorija Aušra Birutė
Dalia Edita Giedrė Jolanta Loreta Milda Neringa Ona Ramunė Sandra Toma Vaida Živilė
"""
GREEK_FAMILY = """
Georgiou Christodoulou Ioannou Constantinou Papadopoulos Demetriou Nicolaou Charalambous Andreou Michael
Antoniou Panayiotou Theodorou Kyriacou Savva Hadjigeorgiou Loizou Stylianou Christofi Pavlou Philippou
Economou Vasiliou Kyprianou Neophytou Zacharia Athanasiou Stavrou Petrou Evangelou Markou Iacovou
Karagiannis Angelopoulos
"""
GREEK_MALE = """
Andreas Georgios Christos Costas Nicos Panayiotis Michalis Demetris Yiannis Marios Stelios Kyriacos Savvas
Petros Antonis Theodoros Loizos Charalambos Stavros Vasilis Pavlos Alexandros Socrates Evangelos Spyros
Yiorgos
"""
GREEK_FEMALE = """
Maria Eleni Androulla Elena Christina Anna Despina Sophia Georgia Panayiota Katerina Andri Stella Athena
Irene Chrystalla Ioanna Kyriaki Loulla Marina Niki Paraskevi Theodora Vasiliki Xenia Zoe
"""
FILIPINO_FAMILY = """
Santos Reyes Cruz Bautista Garcia Mendoza Flores Gonzales Ramos Aquino Castillo Villanueva Fernandez
Dela-Cruz DeGuzman Mercado Tolentino Pascual Domingo Salazar Santiago Navarro Manalo Panganiban Macaraeg
Magsaysay Dimaculangan Catacutan Batungbakal Lacson Soriano Valdez Aguilar Agbayani Bacani Dizon Evangelista
Ilagan Lim Tan Sy
"""
FILIPINO_FEMALE = """
Maria Marites Rosalie Jennifer Maricel Rowena Jocelyn Analyn Lourdes Cristina Grace Rosario Imelda Corazon
Ligaya Maribel Divina Evangeline Gemma Leonora Marivic Nenita Remedios Teresita Wilma Angelica Princess
Jasmine
"""
FILIPINO_MALE = """
Jose Mark John Michael Juan Antonio Ramon Ricardo Rodel Roberto Reynaldo Ernesto Danilo Eduardo Ferdinand
Jerome Joel Jayson Marlon Noel Rommel Rolando Romeo Virgilio Arnel Benigno Crisanto Dennis Edgardo Rodrigo
"""
ENGLISH_PLACE_STEMS = """
Ash Brad Clif Hart Lang Mid Nor Oak Pem Rad Stan Thorn Wal Whit Wood Brank Cald Den Elm Farn Gains Hal Holl
Kel Kings Lin Mar Nether Pres Red Sel Sher Stock Sut Tar Thur Under Wake West Wins
"""
ENGLISH_PLACE_ENDINGS = """
ford ton ley worth well field bury combe croft don ham hurst land low mere shaw stead thorpe wick wood
"""
